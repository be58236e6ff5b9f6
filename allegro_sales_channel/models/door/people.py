"""Who is told or asked about something."""


def people_of(env, group, company):
    """The employees of a company who have a right.

    :param group: XML id of the right
    :return: ``res.users``; Odoo's own user is nobody
    """
    # sudo: who has which right is nobody's business, whom to ask is everybody's
    users = env.ref(group).sudo().all_user_ids - env.ref("base.user_root")
    return users.filtered(lambda user: company in user.company_ids and not user.share)
